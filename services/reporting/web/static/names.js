// Shows names in the place of pseudonyms, where the area's vault, which is opened in the browser alone, knows them.
// `nameOf` gives a name for a pseudonym, or nothing. The server never sees a name.
"use strict";

window.helhedsnet = {
  showNames(nameOf) {
    for (const shown of document.querySelectorAll("[data-name-of]")) {
      const name = nameOf(shown.dataset.nameOf);
      if (!name) continue;
      shown.textContent = name;
      shown.dataset.named = "";
    }
    for (const labelled of document.querySelectorAll("[data-label-of]")) {
      const name = nameOf(labelled.dataset.labelOf);
      if (name) labelled.ariaLabel = labelled.ariaLabel.replace(labelled.dataset.labelOf, () => name);
    }
    for (const list of document.querySelectorAll("[data-people]")) {
      const inOrder = [...list.children].sort((one, other) => one.textContent.localeCompare(other.textContent, "da"));
      list.append(...inOrder);
    }
  },

  // Offers people by name in the fields for pseudonyms; `people` gives names by pseudonym. What is sent is the pseudonym.
  offerPeople(people) {
    const byName = Object.entries(people).sort((one, other) => one[1].localeCompare(other[1], "da"));
    const options = () => byName.map(([pseudonym, name]) => new Option(name, pseudonym));
    const fields = document.querySelectorAll("[data-person]");
    const known = Object.assign(document.createElement("datalist"), { id: "people-of-the-book" });
    if (fields.length) {
      known.append(...options());
      document.body.append(known);
    }
    for (const field of fields) {
      const named = field.parentElement.querySelector("[data-person-named]");
      const show = () => {
        named.textContent = people[field.value.trim()] ?? "";
        named.hidden = !named.textContent;
      };
      field.setAttribute("list", known.id);
      field.addEventListener("input", show);
      show();
    }
    for (const choosing of document.querySelectorAll("[data-choose-person]")) {
      const [choose, lines] = choosing.parentElement.querySelectorAll("[data-choose-person] select, textarea");
      choose.append(...options());
      choosing.hidden = false;
      // Whoever goes through the choices with the keys has not chosen yet: Enter or leaving the field does.
      const add = () => {
        if (choose.value) lines.value = [...lines.value.split("\n").filter(Boolean), choose.value].join("\n");
        choose.value = "";
      };
      choose.addEventListener("blur", add);
      choose.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), add()));
    }
  },
};
