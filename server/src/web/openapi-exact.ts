/** A node of the document, whatever it describes. */
type Node = Readonly<Record<string, unknown>>;

/**
 * The document with what our schemas hold and the generator leaves out: how long a tuple is, that a number which is sent
 * to us must be one that JSON readers agree about (RFC 8259 §6), and that flags are no part of a pattern.
 */
export function exactly<T>(document: T): T {
  return exact(document, false) as T;
}

function exact(node: unknown, asked: boolean): unknown {
  if (Array.isArray(node)) return node.map((each) => exact(each, asked));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    exact(value, asked || name === 'parameters' || name === 'requestBody'),
  ]);
  const copy = plain(Object.fromEntries(entries) as Node);
  if (Array.isArray(copy['prefixItems'])) return tuple(copy, copy['prefixItems']);
  return asked && isInteger(copy) ? safe(copy) : copy;
}

/** A JavaScript pattern's own slashes are escaped; the one before its flags is not. */
function plain(node: Node): Node {
  const { pattern } = node;
  return typeof pattern === 'string' ? { ...node, pattern: pattern.replace(/(?<!\\)\/[a-z]+$/u, '') } : node;
}

/** Of one kind of items it is a list of that length, which more readers know. */
function tuple({ prefixItems, ...rest }: Node, kinds: readonly unknown[]): Node {
  const length = { minItems: kinds.length, maxItems: kinds.length };
  const [first] = kinds;
  const same = kinds.every((kind) => JSON.stringify(kind) === JSON.stringify(first));
  return same ? { ...rest, items: first, ...length } : { ...rest, prefixItems, items: false, ...length };
}

function isInteger({ type }: Node): boolean {
  return type === 'integer' || (Array.isArray(type) && type.includes('integer'));
}

function safe(node: Node): Node {
  return {
    ...('minimum' in node || 'exclusiveMinimum' in node ? {} : { minimum: Number.MIN_SAFE_INTEGER }),
    ...('maximum' in node || 'exclusiveMaximum' in node ? {} : { maximum: Number.MAX_SAFE_INTEGER }),
    ...node,
  };
}
