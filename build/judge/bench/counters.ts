/** The sum of a counter over all its labels, in Prometheus's text form; 0 where it is not there. */
export function counterSum(exposition: string, name: string): number {
  let sum = 0;
  for (const line of exposition.split('\n')) {
    const match = /^([A-Za-z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line);
    if (match?.[1] === name) sum += Number(match[2]);
  }
  return sum;
}

/** Asks each process for its metrics and adds one counter up. */
export async function countedBy(urls: readonly string[], name: string): Promise<number> {
  const texts = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return response.text();
    }),
  );
  return texts.reduce((sum, text) => sum + counterSum(text, name), 0);
}
