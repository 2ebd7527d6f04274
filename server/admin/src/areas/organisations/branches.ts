import type { OrgView } from '@bianmin/purchase/api/org';

/** An organisation with what is below it. */
export interface Branch extends OrgView {
  readonly children: Branch[];
  /** Terminals in it and in everything below it. */
  readonly all: number;
}

/** The tree out of a list that has parents before children; roots are those whose parent is not in it. */
export function branchesOf(orgs: readonly OrgView[]): Branch[] {
  const known = new Set(orgs.map(({ id }) => id));
  const below = (parent: string): Branch[] => orgs.filter((org) => org.parent === parent).map(branchOf);
  const branchOf = (org: OrgView): Branch => {
    const children = below(org.id);
    return { ...org, children, all: children.reduce((sum, { all }) => sum + all, org.terminals) };
  };
  return orgs.filter(({ parent }) => parent === null || !known.has(parent)).map(branchOf);
}
