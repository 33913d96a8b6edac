// Lists that the API gives a page at a time, read to their end.

/**
 * All rows, from page to page: `{rows, more}`. `most`: how many at most; `more` tells that there are others.
 * `seen(rows)` is told after each page, for lists that take their time.
 */
export async function all(api, path, key, { most = 1_000, signal, seen = () => {} } = {}) {
  const rows = [];
  let cursor = "";
  do {
    const page = await api.get(path, { cursor }, signal);
    rows.push(...page[key]);
    cursor = page.next ?? "";
    seen(rows);
  } while (cursor && rows.length < most);
  return { rows, more: Boolean(cursor) };
}
