import { CodedError } from '../errors.ts';

export type BytesErrorCode = 'bytes.short' | 'bytes.not-hex';

export class BytesError extends CodedError<BytesErrorCode> {}
