/** The version of the Elastic Common Schema (https://www.elastic.co/guide/en/ecs/) that lines are written in. */
export const ECS_VERSION = '8.10.0';

/** Everything of ours that has no name in the schema is below this. */
export const OWN = 'bianmin';

/** Fields of ours that the schema has a name for. */
const NAMES: Readonly<Record<string, string>> = {
  traceId: 'trace.id',
  method: 'http.request.method',
  status: 'http.response.status_code',
  url: 'url.full',
};

/** What may be said of an error, already looked through for secrets. */
interface SaidError {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly context?: unknown;
  readonly cause?: unknown;
}

/**
 * The fields of a line under their names in ECS, dotted, so that no two parts of a line say the same object. `err` is
 * an error as it may be said; names with a dot are the schema's already.
 */
export function ecsFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (name === 'err') Object.assign(named, errorFields(value));
    else if (name === 'ms' && typeof value === 'number') named['event.duration'] = Math.round(value * 1e6);
    else named[NAMES[name] ?? (name.includes('.') ? name : `${OWN}.${name}`)] = value;
  }
  return named;
}

function errorFields(err: unknown): Record<string, unknown> {
  if (typeof err !== 'object' || err === null) return { 'error.message': String(err) };
  const { type, code, message, context }: SaidError = err;
  const causes = [...causesOf(err)];
  const stacks = [err, ...causes].flatMap(({ stack }: SaidError) =>
    typeof stack === 'string' ? [stack] : [],
  );
  return Object.fromEntries(
    Object.entries({
      'error.type': type,
      'error.code': code === undefined ? undefined : String(code as string | number),
      'error.message': message,
      'error.stack_trace': stacks.length === 0 ? undefined : stacks.join('\ncaused by: '),
      [`${OWN}.error.context`]: context,
      [`${OWN}.error.causes`]: causes.length === 0 ? undefined : causes.map(withoutStack),
    }).filter(([, value]) => value !== undefined),
  );
}

function* causesOf(error: SaidError): Generator<SaidError> {
  for (let { cause } = error; cause !== undefined && cause !== null;) {
    const said: SaidError = typeof cause === 'object' ? cause : { message: wordOf(cause) };
    yield said;
    ({ cause } = said);
  }
}

/** What was thrown, or given as a code, and is no error. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
}

function withoutStack({ type, code, message, context }: SaidError): SaidError {
  return {
    type,
    ...(code === undefined ? {} : { code: wordOf(code) }),
    message,
    ...(context === undefined ? {} : { context }),
  };
}
