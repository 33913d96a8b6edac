// Which addresses that a task names may become links: those of the web, and no others.

/** Whether it is one. */
export function isWeb(url) {
  return URL.canParse(url ?? "") && ["http:", "https:"].includes(new URL(url).protocol);
}
