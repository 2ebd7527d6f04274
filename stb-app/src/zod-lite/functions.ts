import { regexes } from 'zod/v4/core';
import { string, type Text } from '@bianmin/card/schema/kinds';

/**
 * As much of zod as the schemas of `shared/` use that a box reads answers with, under zod's names: the build puts it in
 * zod's place (decision 18 has why: `zod/mini` 4.6.7 is 10 KB compressed with these kinds alone, of the 164 that the page may
 * weigh). The card layer's own kinds, and what only answers have.
 */

export * from '@bianmin/card/schema/kinds';

export const uuid = (): Text => string().regex(regexes.uuid());
export const iso = { datetime: (how: { offset: true }): Text => string().regex(regexes.datetime(how)) };
