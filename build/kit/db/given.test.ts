import { describe, expect, it } from 'vitest';
import { nameIn, namedUri, ownName } from './given.ts';

const SET = 'mongodb://people:secret@m0:27017,m1:27018,m2:27019/?replicaSet=rs0';

describe('the address of a replica set, whose members have ports', () => {
  it('is named where it names no database', () => {
    const named = namedUri(SET, 'bianmin');
    expect(named).toBe(SET.replace('/?', '/bianmin?'));
    expect(namedUri(named, 'another')).toBe(named);
    expect(nameIn(named)).toBe('bianmin');
  });

  it('leads to a database of this run’s own, with the user of the one that it named', () => {
    const own = ownName(namedUri(SET, 'bianmin'));
    expect(own).toMatch(
      /^mongodb:\/\/people:secret@m0:27017,m1:27018,m2:27019\/bianmin_run_[\da-f]{16}\?replicaSet=rs0&authSource=bianmin$/u,
    );
    expect(ownName(SET)).toContain('authSource=admin');
  });
});
