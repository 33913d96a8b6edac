// What is drawn: tasks or families, and which of them needs which.

const WAYS = { up: [0, 1], down: [1, 0] };

/**
 * Nodes by their keys, and links `[key, key of what it needs, how many]`. A task is `{key, id, family, name, status,
 * percentage}`, a family `{key, family, counts, total, own}`, where `own` is how often one of it needs another of it.
 */
export class Graph {
  #around = null;

  constructor({ nodes = [], links = [], root = "", truncated = false, total = null } = {}) {
    this.nodes = new Map(nodes.map((node) => [node.key, node]));
    this.links = links;
    Object.assign(this, { root, truncated, total });
  }

  /** For each node, those that a link joins to it, either way. */
  get around() {
    this.#around ??= neighbours(this, [0, 1], [1, 0]);
    return this.#around;
  }

  /** How far each node is from the root, counting links of one way only: up to what it needs, or down. */
  distances() {
    const found = new Map();
    for (const way of Object.values(WAYS)) {
      for (const [key, far] of measured(this.root, neighbours(this, way))) {
        found.set(key, Math.min(far, found.get(key) ?? Infinity));
      }
    }
    return found;
  }

  /** This graph, and what another adds to it. */
  with(other) {
    const links = new Map([...this.links, ...other.links].map((link) => [named(link), link]));
    return new Graph({
      ...this,
      nodes: [...other.nodes.values(), ...this.nodes.values()],
      links: [...links.values()],
      truncated: this.truncated || other.truncated,
    });
  }

  /** Whether another looks the same but for how its tasks stand. */
  sameAs(other) {
    if (this.nodes.size !== other.nodes.size || this.links.length !== other.links.length) return false;
    if ([...other.nodes.keys()].some((key) => !this.nodes.has(key))) return false;
    const links = new Set(this.links.map(named));
    return other.links.every((link) => links.has(named(link)));
  }
}

/** The key of a task, which may be called what a family is called. */
export function taskKey(id) {
  return `task:${id}`;
}

/** The key of a family. */
export function familyKey(family) {
  return `family:${family}`;
}

function named([from, to]) {
  return `${from}\n${to}`;
}

function neighbours(graph, ...ways) {
  const found = new Map([...graph.nodes.keys()].map((key) => [key, new Set()]));
  for (const link of graph.links) for (const [from, to] of ways) found.get(link[from]).add(link[to]);
  return found;
}

function measured(root, around) {
  const far = new Map([[root, 0]]);
  for (const [key, steps] of far) { // which grows meanwhile
    for (const next of around.get(key) ?? []) if (!far.has(next)) far.set(next, steps + 1);
  }
  return far;
}
