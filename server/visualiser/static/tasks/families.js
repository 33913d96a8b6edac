// Families of tasks as a tree of their namespaces, and that as lines to show.

/** `{path, label, counts, namespaces, families}` of `[{family, counts}]`: each counts what is in it, however deep. */
export function tree(families) {
  const root = branch("", "");
  for (const one of families) put(root, one);
  return squeezed(root);
}

/** The lines of a tree, from top to bottom: `{label, path, depth, counts, isNamespace, isFolded}`. */
export function lines(node, folded, depth = 0) {
  const branches = [...node.namespaces.values()].flatMap((namespace) => {
    const isFolded = folded.has(namespace.path);
    const line = { ...namespace, depth, isNamespace: true, isFolded };
    return isFolded ? [line] : [line, ...lines(namespace, folded, depth + 1)];
  });
  const leaves = node.families.map((family) => ({ ...family, depth, isNamespace: false, isFolded: false }));
  return [...branches, ...leaves];
}

/** Those families that a text is in, however it is written. */
export function found(families, text) {
  const wanted = text.trim().toLowerCase();
  return wanted ? families.filter(({ family }) => family.toLowerCase().includes(wanted)) : families;
}

function branch(path, label) {
  return { path, label, counts: {}, namespaces: new Map(), families: [] };
}

function put(root, { family, counts }) {
  const steps = family.split(".");
  const label = steps.pop();
  let node = root;
  for (const step of steps) {
    if (!node.namespaces.has(step)) node.namespaces.set(step, branch(`${node.path}${step}.`, step));
    node = node.namespaces.get(step);
    add(node.counts, counts);
  }
  node.families.push({ path: family, label, counts });
}

function add(counts, more) {
  for (const [status, count] of Object.entries(more)) counts[status] = (counts[status] ?? 0) + count;
}

/** A namespace that has but another one in it is one with that: `com.shop` instead of `com` and in it `shop`. */
function squeezed(node) {
  const namespaces = [...node.namespaces].map(([step, child]) => [step, shortened(squeezed(child))]);
  return { ...node, namespaces: new Map(namespaces) };
}

function shortened(node) {
  const [only, ...others] = node.namespaces.values();
  if (!only || others.length || node.families.length) return node;
  return { ...only, label: `${node.label}.${only.label}` };
}
