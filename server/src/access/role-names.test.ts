import { describe, expect, it } from 'vitest';
import { roleName } from '@bianmin/purchase/api/admin-users';
import { READY_ROLES } from '@bianmin/purchase/api/ready-roles';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import { codeOf } from '../testing/problem-code.ts';
import { refuseTaken } from './role-names.ts';

const taken = (name: string, there: readonly string[]): Promise<string> =>
  codeOf(Promise.resolve().then(() => refuseTaken(name, there)));

describe("a role's name", () => {
  it('is of any script, in one spelling, without blanks around it', () => {
    for (const name of ['收费员', 'كاسسىر', 'Kassierer für Süd', 'finance', 'я', '值班 2 号']) {
      expect(roleName.parse(` ${name} `)).toBe(name.normalize('NFC'));
    }
    expect(roleName.parse('Süd'.normalize('NFD'))).toBe('Süd');
  });

  it('is nothing that cannot be seen, turns the line around, or breaks an address', () => {
    const bad = [
      '',
      '   ',
      'a\u0000b',
      'a\nb',
      'a\u200bb',
      'a\u202eb',
      'a\u2066b',
      'a\ufeffb',
      'a\ufff9b',
      'a\u{e0041}b',
      'a\u0378b',
      'a/b',
      'a\\b',
    ];
    for (const name of [...bad, '字'.repeat(41)]) expect(roleName.safeParse(name).success, name).toBe(false);
    for (const letter of ['字', '𠮷']) expect(roleName.safeParse(letter.repeat(40)).success).toBe(true);
  });

  it('is taken in other letters, too, and by what a ready-made role is called', async () => {
    expect(await taken('Finance', ['finance'])).toBe('role.name-taken');
    expect(await taken('ＦＩＮＡＮＣＥ', ['finance'])).toBe('role.name-taken');
    expect(await taken('财务', ['ready:finance'])).toBe('role.name-taken');
    expect(await taken('财务', ['finance'])).toBe('none');
    expect(await taken('ready:mine', [])).toBe('role.name-taken');
    // One that was removed may come back.
    expect(await taken('ready:finance', ['administrator'])).toBe('none');
    expect(await taken('ready:finance', ['财务'])).toBe('role.name-taken');
  });
});

describe('the ready-made roles', () => {
  it('hold permissions that there are, each once, and never those that make other roles', () => {
    for (const { name, permissions } of READY_ROLES) {
      expect(permissions.filter((each) => !PERMISSIONS.includes(each as Permission))).toEqual([]);
      expect(new Set(permissions).size).toBe(permissions.length);
      expect(permissions).not.toContain('role:manage');
      expect(roleName.parse(name)).toBe(name);
    }
  });

  it('can be given by those who give them: county operations hold all that community staff hold', () => {
    const of = (name: string) => READY_ROLES.find((each) => each.name === name)?.permissions ?? [];
    expect(of('ready:community').filter((each) => !of('ready:county').includes(each))).toEqual([]);
    expect(of('ready:audit').filter((each) => !each.endsWith(':read'))).toEqual([]);
  });
});
