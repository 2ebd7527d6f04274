/** How a state is meant: each has a colour and a sign of its own. */
export type Tone = 'good' | 'moving' | 'quiet' | 'warning' | 'bad';
