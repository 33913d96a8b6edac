// Light or dark: as the reader's system says, unless the reader says otherwise, which the browser remembers.

const KEY = "luigi-theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const WORDS = { auto: "Colours of the system", light: "Light colours", dark: "Dark colours" };

/** Has the button change the theme; it says which one is in force. */
export function themed(button) {
  let theme = remembered();
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: "◐", light: "○", dark: "●" }[theme];
    button.title = WORDS[theme];
    button.setAttribute("aria-label", `${WORDS[theme]}; change`);
  };
  button.addEventListener("click", () => {
    theme = NEXT[theme];
    localStorage.setItem(KEY, theme);
    apply();
  });
  apply();
}

function remembered() {
  const theme = localStorage.getItem(KEY);
  return theme in NEXT ? theme : "auto";
}
