/** Facts about an error that may be logged: never a code, a key or card contents. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CodedErrorInit<Code extends string> {
  /** Stable, dotted, listed in docs/errors.md. */
  readonly code: Code;
  /** One sentence that says what happened and what a person can do. */
  readonly message: string;
  readonly cause?: unknown;
  readonly context?: ErrorContext;
}

/** Base of every layer's one error class. */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly context: ErrorContext;

  constructor(init: CodedErrorInit<Code>) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = new.target.name;
    this.code = init.code;
    this.context = init.context ?? {};
  }
}

/** The code of a typed error, or undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof CodedError ? (error as CodedError).code : undefined;
}
