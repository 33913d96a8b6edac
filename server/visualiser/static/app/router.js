// Which place the URL names, and going there. Everything that a link is to show again stands in its query.

const PLACES = ["tasks", "graph", "workers", "resources", "triggers", "runs"];

/** The page's address: `{place, …}`, every other word of the query by its name. */
export class Router {
  #followers = [];

  constructor(location = window.location, history = window.history) {
    this.location = location;
    this.history = history;
    window.addEventListener("popstate", () => this.#tell());
    document.addEventListener("click", (event) => this.#follow(event));
    const asked = fromLuigi(location.hash);
    if (asked) history.replaceState(null, "", this.href(asked));
  }

  /** Where we are. */
  get here() {
    const words = Object.fromEntries(new URLSearchParams(this.location.search));
    return { ...words, place: PLACES.includes(words.place) ? words.place : "tasks" };
  }

  /** The link to somewhere; what is empty is left out. */
  href(words) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(words)) {
      if (value && !(name === "place" && value === "tasks")) query.set(name, value);
    }
    const text = query.toString();
    return this.location.pathname + (text ? `?${text}` : "");
  }

  /** Goes somewhere. `replace`: without a step in the browser's history, as for each letter of a search. */
  go(words, { replace = false } = {}) {
    const href = this.href(words);
    if (href === this.location.pathname + this.location.search) return;
    if (replace) this.history.replaceState(null, "", href);
    else this.history.pushState(null, "", href);
    this.#tell();
  }

  /** Stays in the place, but for these words. */
  change(words, options = {}) {
    this.go({ ...this.here, ...words }, options);
  }

  /** Has `follow` called with `here` after every step. */
  follow(follow) {
    this.#followers.push(follow);
  }

  #tell() {
    for (const follow of this.#followers) follow(this.here);
  }

  /** A plain click on a link of ours goes there without loading the page anew. */
  #follow(event) {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.hasAttribute("target") || link.hasAttribute("download")) return;
    const url = new URL(link.getAttribute("href"), document.baseURI);
    if (url.origin !== this.location.origin || url.pathname !== this.location.pathname || url.hash) return;
    event.preventDefault();
    this.go(Object.fromEntries(url.searchParams));
  }
}

/** What a link made for Luigi's page asks for: `#tab=graph&taskId=Load_1`, `#search__search=x`. */
function fromLuigi(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const task = words.get("taskId");
  if (task) return { place: words.get("tab") === "graph" ? "graph" : "tasks", task };
  const places = { workers: "workers", resources: "resources", graph: "graph" };
  const search = words.get("search__search");
  if (search) return { search };
  return places[words.get("tab")] ? { place: places[words.get("tab")] } : null;
}
