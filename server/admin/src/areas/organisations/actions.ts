/** What is done with an organisation in a form. */
export type OrgAction = 'make' | 'rename' | 'move';
