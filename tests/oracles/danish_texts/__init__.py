"""Danish texts, labelled with what they tell of people; `README.md` says how they are written."""
