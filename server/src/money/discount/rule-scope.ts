import type { Org, OrgStore } from '../../access/store/orgs.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { Household } from './rule.ts';

/**
 * Whose discounts are: everybody reads those that reach their own people, of organisations above them as well; each is made and
 * paused by people who have its organisation in their scope. One for every household is the province's.
 */
export class RuleScope {
  readonly #orgs: Pick<OrgStore, 'get' | 'within'>;

  constructor(orgs: Pick<OrgStore, 'get' | 'within'>) {
    this.#orgs = orgs;
  }

  /** Of which organisations rules reach the scope's people, null among them for every household; undefined: of all. */
  async reaching(scope: Scope): Promise<readonly (string | null)[] | undefined> {
    if (scope === WHOLE_PROVINCE) return undefined;
    const [own, below] = await Promise.all([this.#orgs.get(scope), this.#orgs.within(scope)]);
    return [null, ...(own?.path.slice(0, -1) ?? []), ...below.map(({ _id }) => _id)];
  }

  /** Of which organisation households are counted for a rule: never of one outside of the scope. Null: of every one. */
  async counted(community: string | null, scope: Scope): Promise<string | null> {
    if (scope === WHOLE_PROVINCE) return community;
    if (community === null) return scope;
    return (await this.#orgs.get(community))?.path.includes(scope) === true ? community : scope;
  }

  /** Whose a rule is; of what is not in the tree the province's. */
  async pathOf(community: string | null): Promise<readonly string[]> {
    return (await this.#orgOf(community))?.path ?? PROVINCE_PATH;
  }

  /** The path of an organisation, that of the province for every household. Throws `request.not-found`. */
  async demand(community: string | null, scope: Scope): Promise<readonly string[]> {
    const org = await this.#orgOf(community);
    const path = org?.path ?? PROVINCE_PATH;
    if ((community === null || org !== null) && covers(scope, path)) return path;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such organisation of yours.' });
  }

  /** Throws `request.malformed` where a household is put into an organisation that is not there, or not the scope's. */
  async demandPlaces(households: readonly { readonly community: string }[], scope: Scope): Promise<void> {
    const ids = [...new Set(households.map(({ community }) => community))];
    const orgs = await Promise.all(ids.map((id) => this.#orgs.get(id)));
    const isOwn = (org: Org | null): org is Org => org !== null && covers(scope, org.path);
    const own = new Set(orgs.filter(isOwn).map(({ _id }) => _id));
    refuse(households, ({ community }) => !own.has(community), {
      ...{ field: 'community', detail: 'is no organisation of yours' },
      message: 'Some households are put into organisations that are not there. Choose each from the list.',
    });
  }

  /** Throws `request.malformed` for households of others: only people who have both organisations in their scope move one. */
  refuseOthers(
    households: readonly { readonly keys: readonly string[] }[],
    known: readonly Household[],
    scope: Scope,
  ): void {
    const others = othersAmong(known, scope);
    refuse(households, ({ keys }) => keys.some((key) => others.has(key)), {
      ...{ field: 'customerNo', detail: 'is known elsewhere' },
      message: 'Some households are known at another organisation. Ask somebody whose scope has both.',
    });
  }

  async #orgOf(community: string | null): Promise<Org | null> {
    return community === null ? null : this.#orgs.get(community);
  }
}

/** Names of those that are of organisations outside of the scope. */
export function othersAmong(known: readonly Household[], scope: Scope): ReadonlySet<string> {
  return new Set(known.filter(({ orgPath }) => !covers(scope, orgPath)).map(({ _id }) => _id));
}

function refuse<T>(
  all: readonly T[],
  isWrong: (one: T) => boolean,
  { field, detail, message }: { field: string; detail: string; message: string },
): void {
  const errors = all.flatMap((one, n) =>
    isWrong(one) ? [{ pointer: `/body/households/${n}/${field}`, detail }] : [],
  );
  if (errors.length > 0) throw new ProblemError({ code: 'request.malformed', message, errors });
}
