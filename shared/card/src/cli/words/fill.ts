/** A text with its `{places}` filled; a place without a value stays visible so that it is noticed. */
export function filled(
  text: string,
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}
