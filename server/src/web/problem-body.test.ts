import { readFileSync } from 'node:fs';
import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES, PROBLEMS, problemSchema } from '@bianmin/purchase/api/problem';
import { GridError } from '../gateways/grid/error.ts';
import { problemBody } from './problem-body.ts';
import { ProblemError } from '../kernel/problem.ts';
import { problemOf } from '../route/problem-of.ts';

/** Without the padding of its tables. */
function errorsPage(): string {
  const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  return text.replaceAll(/ +/g, ' ');
}

describe('problems', () => {
  it.each(PROBLEM_CODES)('%s is in docs/errors.md with its status, and makes a body of RFC 9457', (code) => {
    const { status, retryable } = PROBLEMS[code];
    const row = errorsPage()
      .split('\n')
      .find((line) => line.startsWith(`| \`${code}\` |`));
    expect(row).toContain(`| ${status} ${retryable ? 'yes' : 'no'} |`);
    const body = problemBody(new ProblemError({ code, message: 'Why.' }), 'ab');
    expect(problemSchema.parse(body)).toEqual(body);
  });

  it('docs/errors.md lists no code that does not exist', () => {
    const listed = [...errorsPage().matchAll(/^\| `([\w.-]+)` \|/gm)].map((match) => match[1]);
    expect(listed.toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });

  it('an error that is no problem becomes one: known ones by their code, others say nothing', () => {
    const grid = new GridError({ code: 'grid.unknown', message: 'timeout at 10.0.0.7' });
    expect(problemOf(grid)).toMatchObject({ code: 'grid.unavailable' });
    const away = Object.assign(new Error('x'), { name: 'MongoServerSelectionError' });
    expect(problemOf(away)).toMatchObject({ code: 'server.unavailable', retryAfterS: 2 });
    expect(problemOf(new Error('Command timed out'))).toMatchObject({ code: 'server.unavailable' });
    for (const said of ['OOM command not allowed', 'MISCONF Redis is configured', 'NOREPLICAS Not enough']) {
      expect(problemOf(new Error(said))).toMatchObject({ code: 'server.unavailable' });
    }
    const full = new mongo.MongoServerError({ code: 14031, message: 'available disk space of 5 bytes' });
    expect(problemOf(full)).toMatchObject({ code: 'server.unavailable' });
    const ours = new mongo.MongoServerError({ code: 2, message: 'unknown operator: $nonsense' });
    expect(problemOf(ours).code).toBe('server.internal');
    expect(problemOf('a string').code).toBe('server.internal');
    expect(problemOf(grid).message).not.toContain('10.0.0.7');
  });
});
