/** Another has what this start needs; a person has to decide which of them ends. */
export class InUseError extends Error {
  override readonly name = 'InUseError';
}
