/** What comes one by one, `most` at a time; the last may have fewer, and there is none of nothing. */
export async function* pagesOf<T>(all: AsyncIterable<T>, most: number): AsyncGenerator<readonly T[]> {
  let page: T[] = [];
  for await (const each of all) {
    page.push(each);
    if (page.length < most) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
