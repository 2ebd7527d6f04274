/** The sum of a counter over all its labels, or over those that fit, in Prometheus's text form; 0 where it is not there. */
export function counterSum(exposition: string, name: string, fits: RegExp = /^/): number {
  let sum = 0;
  for (const line of exposition.split('\n')) {
    const match = /^([A-Za-z_:][\w:]*)(\{.*\})? (\S+)/.exec(line);
    if (match?.[1] === name && fits.test(match[2] ?? '')) sum += Number(match[3]);
  }
  return sum;
}

/** Asks each process for its metrics and adds one counter up, over the labels that fit. */
export async function countedBy(urls: readonly string[], name: string, fits?: RegExp): Promise<number> {
  const texts = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return response.text();
    }),
  );
  return texts.reduce((sum, text) => sum + counterSum(text, name, fits), 0);
}
