/** What is done with an organisation in a form. */
export type OrgDeed = 'make' | 'rename' | 'move';
