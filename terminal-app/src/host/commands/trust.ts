import { compactVerify, importJWK } from 'jose';
import { parseJson } from '@bianmin/card/json-text';
import { COMMAND_TYP, commandPayload, type CommandPayload } from '@bianmin/purchase/api/command';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/purchase/api/terminal';
import type { KeptFile } from '../../files/kept-file.ts';
import { HostError } from '../error.ts';

export { ecPublicJwk as keptKey };

/**
 * Whose commands are taken: the key that was heard first, with an enrolment's answer, and none that comes later. Who takes the
 * server's place on the network some day can refuse to sell, and tells this terminal nothing.
 */
export class CommandTrust {
  readonly #file: KeptFile<EcPublicJwk>;
  readonly #terminalId: string;
  #key: EcPublicJwk | undefined;

  constructor(file: KeptFile<EcPublicJwk>, terminalId: string) {
    this.#file = file;
    this.#terminalId = terminalId;
    this.#key = file.read();
  }

  /** What an enrolment's answer named. Fails with `command.other-key`, or the disk's own error. */
  hear(key: EcPublicJwk | undefined): void {
    if (key === undefined) return;
    if (this.#key === undefined) {
      this.#file.write(key);
      this.#key = key;
    } else if (this.#key.x !== key.x || this.#key.y !== key.y) {
      throw new HostError({
        code: 'command.other-key',
        message:
          'The server names another key for commands than before. If that is right, remove command-key.json.',
      });
    }
  }

  /** A command to this terminal; fails with `command.bad-signature`. Whether it is still good is not asked here. */
  async open(jws: string): Promise<CommandPayload> {
    try {
      if (this.#key === undefined) throw new Error('No key was heard yet.');
      const key = await importJWK(this.#key, 'ES256');
      const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['ES256'] });
      if (protectedHeader.typ !== COMMAND_TYP) throw new Error('It is another kind of message.');
      const command = commandPayload.parse(parseJson(new TextDecoder().decode(payload)));
      if (command.sub !== this.#terminalId) throw new Error('It is for another terminal.');
      return command;
    } catch (cause) {
      throw new HostError({
        code: 'command.bad-signature',
        message: 'A command is not signed by the key that this terminal knows, or not for it.',
        cause,
      });
    }
  }
}
