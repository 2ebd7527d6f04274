/** Queries that no index serves as they are asked, and why that does no harm. */
export interface Spared {
  /** Matches texts of queries (`shape-text.ts`). */
  readonly what: RegExp;
  /** Ends the sentence "No index serves it, since …". */
  readonly why: string;
}

/** A test takes away those that nothing needs any more. */
export const SPARED: readonly Spared[] = [
  { what: /^alertdestinations .*sort name limit$/, why: 'there are at most some dozens' },
  {
    what: /^(?:bindings|boxBindings) where (?:customer|payerId)= /,
    why: 'one holder or household has at most ten',
  },
  { what: /^(?:bindings|boxBindings) where expiresAt<> & payerId= /, why: 'one phone has at most ten' },
  { what: /^cardsessions where untold= /, why: 'a few wait to be told' },
  { what: /^cases where kind= sort /, why: 'there are a dozen kinds, so that a page of one is found soon' },
  { what: /^closedmonths sort _id$/, why: 'there are twelve a year' },
  { what: /^commissionrules$/, why: 'there are some hundreds, and what sales earn goes by all of them' },
  { what: /^complaints where orderNo= /, why: 'an order has a few' },
  {
    what: /^discountbudgets where (?:holds\?|heldFen<>)$/,
    why: 'there is one a rule',
  },
  { what: /^discountrules (where community~ )?sort -createdAt limit$/, why: 'there are some hundreds' },
  { what: /^exports where any\(/, why: 'at most some hundreds wait or run' },
  { what: /^floats(?: |$)/, why: 'there is one a committee, and a person looks' },
  {
    what: /^orders where grid= & meterNo= & state in sort createdAt$/,
    why: 'a meter has at most a few that are not over',
  },
  {
    what: /^orders(?:_archive)? where .*meterNo= .*sort -_id limit$/,
    why: 'a meter has some dozens of orders, and its index finds them',
  },
  { what: /^orders where dueShard<> sort createdAt limit$/, why: 'the index holds only what moves' },
  {
    what: /^orders(?:_archive)? where attention<> .*sort -_id limit$/,
    why: 'few orders need a person at a time',
  },
  { what: /^key(?:versions|holders)(?: |$)/, why: 'there is a handful' },
  {
    what: /^notifications where channel= /,
    why: 'there are three channels, so that a page of one is found soon',
  },
  {
    what: /^orders where .*cashOwed(?:=|<>) .*sort _id limit$/,
    why: 'the index holds only cash that waits for its household',
  },
  { what: /^orders where openRefunds in .*limit$/, why: 'the index holds only refunds that are not over' },
  {
    what: /^orders(?:_archive)? where payments\.channel= sort -_id limit$/,
    why: 'a server looks for it in one part of the time after the other',
  },
  { what: /^rollout_terminals where at<> /, why: 'few take a release in the minutes that are looked at' },
  {
    what: /^orders(?:_archive)? sort _id$/,
    why: 'a rebuild of the statistics reads every order, once, as a stream',
  },
  { what: /^orders_archive where transactions in /, why: "each of the four values is one order's" },
  { what: /^paymentkeys /, why: 'there are some dozens' },
  { what: /^roles sort _id$/, why: 'there are some dozens' },
  { what: /^rollups where generation<>$/, why: 'it follows a rebuild that read every order' },
  { what: /^sessions where userId= sort /, why: 'one person has a few' },
  { what: /^terminal_commands where .*terminalId= sort /, why: 'a few wait for one terminal' },
  {
    what: /^terminal_health$/,
    why: 'the province as a whole is every terminal, as a stream, at most every half minute',
  },
  { what: /^terminals where community= sort _id$/, why: 'a community has some dozens' },
  {
    what: /^users where (?:scope|status)=(?: limit)?$/,
    why: 'there are some thousands, and it is asked when a person acts',
  },
  {
    what: /^postings(?: sort source,n,group)?$/,
    why: 'a trial balance of all time is every posting, as a stream, when a person asks for it',
  },
  {
    what: /^audit where who\.kind= /,
    why: 'there are a handful of kinds, so that a page of one is found soon',
  },
  { what: /^audit$/, why: 'a check of the trail reads all of it' },
  { what: /^marks$/, why: 'there is one a projector' },
];

export const sparedBy = (text: string): Spared | undefined => SPARED.find(({ what }) => what.test(text));
export const isSpared = (text: string): boolean => sparedBy(text) !== undefined;
