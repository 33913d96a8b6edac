// The calls of the server's API, and what can come of them: an answer, a Problem, or nobody there.

/** The server refuses, saying why. */
export class Problem extends Error {
  constructor(status, { title = "", detail = "", hint = "" } = {}) {
    super(detail || title || `the server answers ${status}`);
    this.name = "Problem";
    this.status = status;
    this.hint = hint;
  }
}

/** Nobody answers, or nobody who can at the moment. */
export class Away extends Error {
  constructor(why) {
    super(why);
    this.name = "Away";
  }
}

const PATIENCE = 15_000; // milliseconds until a call counts as unanswered
const BUSY = new Set([502, 503, 504]);

/** Speaks to one server. `root`: the URL of its first page. `signInPath()`: where to go when a session is over. */
export class Api {
  #isLeaving = false;

  constructor(root, signInPath) {
    this.root = root;
    this.signInPath = signInPath;
    this.proof = ""; // what shows that a change was asked for by this page: `csrf_token` of the session
  }

  /** What is at a path below the API: `get("tasks", {status: "FAILED"})`. Empty values are left out. */
  async get(path, query = {}, signal = undefined) {
    return (await this.look(path, query, signal)).answer;
  }

  /** As `get`, with the tag that tells one answer from the next: `{answer, tag}`. */
  async look(path, query = {}, signal = undefined) {
    const url = new URL(`api/v1/${path}`, this.root);
    for (const [name, value] of Object.entries(query)) {
      if (value !== "" && value !== null && value !== undefined) url.searchParams.set(name, value);
    }
    const response = await this.#call(url, { signal });
    return { answer: await response.json(), tag: response.headers.get("ETag") ?? "" };
  }

  /** Has something done. */
  async order(path, body = undefined, method = "POST") {
    const headers = { "X-CSRF-Token": this.proof };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const url = new URL(`api/v1/${path}`, this.root);
    const response = await this.#call(url, { method, headers, body: body && JSON.stringify(body) });
    return response.json();
  }

  /** Who the page acts for: name, role. What proves its orders is kept for them. */
  async session() {
    const response = await this.#call(new URL("session", this.root), {});
    const { name, role, csrf_token: proof } = await response.json();
    this.proof = proof ?? "";
    return { name, role, hasSession: Boolean(proof) };
  }

  /** Ends the session, and goes where another can begin. */
  async signOut() {
    await this.#call(new URL("logout", this.root), { method: "POST", headers: { "X-CSRF-Token": this.proof } });
    return this.#leave("login");
  }

  /** Goes to another page of the server: the first to ask decides which. Who waits gets no answer any more. */
  #leave(path) {
    if (!this.#isLeaving) window.location.assign(new URL(path, this.root));
    this.#isLeaving = true;
    return new Promise(() => {});
  }

  async #call(url, options) {
    const late = AbortSignal.timeout(PATIENCE);
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
    let response;
    try {
      response = await fetch(url, { ...options, signal, credentials: "same-origin" });
    } catch (error) {
      if (options.signal?.aborted) throw error; // who asked does not want it any more
      throw new Away(late.aborted ? "the server does not answer in time" : "the server cannot be reached");
    }
    if (response.ok) return response;
    if (BUSY.has(response.status)) throw new Away(`the server answers ${response.status} ${response.statusText}`);
    if (response.status === 401) return this.#leave(this.signInPath());
    throw new Problem(response.status, await problemIn(response));
  }
}

/** One step of a path: a task's id may have any character. */
export function step(text) {
  return encodeURIComponent(text);
}

async function problemIn(response) {
  try {
    return await response.json();
  } catch {
    return { title: response.statusText };
  }
}
