// Draws every chart of a page from its specification. Vega's expressions are interpreted, never compiled by `eval`,
// and no style is injected, so that it runs under `script-src 'self'; style-src 'self'`.
//
// <figure data-specification="/charts/attendance.json?language=da"></figure>
(() => {
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return ["dark", "light"].includes(chosen) ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  };

  const draw = async (place) => {
    const address = new URL(place.dataset.specification, document.baseURI);
    address.searchParams.set("theme", dark() ? "dark" : "light");
    if (place.dataset.drawn === address.href) return;
    place.dataset.drawn = address.href;
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address.pathname} answered ${answer.status}`);
    const options = {
      ast: true,
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    };
    const { view } = await vegaEmbed(place, await answer.json(), options);
    place.vegaView?.finalize();
    place.vegaView = view;
    place.dataset.state = "drawn";
  };

  const drawAll = () => {
    for (const place of document.querySelectorAll("[data-specification]")) {
      // The table behind the chart says the same: a chart that fails leaves it alone.
      draw(place).catch((error) => {
        place.dataset.state = "failed";
        console.error(error);
      });
    }
  };

  const begin = () => {
    drawAll();
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
