/** Something that cannot be done in the physical world, in words; the HTTP status says whose mistake it is. */
export class WorldError extends Error {
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.name = 'WorldError';
    this.status = status;
  }
}
