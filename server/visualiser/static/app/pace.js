// Asks anew after changes, no oftener than is fair to the server: after a long answer it waits the longer.

import { Away } from "./api.js";

const FAIR = 10; // times as long as the last answer took

/** Does a job that asks the server something. */
export class Pace {
  #version = null;
  #busy = false;
  #next = 0;

  constructor(job) {
    this.job = job;
  }

  /** Does the job if it is time, and the state has another version than when it was done last, if one is given. */
  async turn(version = null) {
    if (this.#busy || performance.now() < this.#next) return;
    if (version !== null && version === this.#version) return;
    const began = performance.now();
    this.#busy = true;
    try {
      await this.job();
      this.#version = version;
    } catch (error) {
      if (!(error instanceof Away)) throw error; // the bar says so; what is known stays
    } finally {
      this.#busy = false;
      this.#next = performance.now() + FAIR * (performance.now() - began);
    }
  }
}
