// The only reader of a trace's `meta`, as Python's figures.meta writes it.

// The run to which a trace belongs; undefined where it belongs to none.
export const runOf = ({ meta }) => meta?.run;

// Whether a cursor follows the points of a trace; the first column of its customdata is the update of each.
export const hasCursor = ({ meta }) => Boolean(meta?.cursor);

// How many updates after its own, the first column of its customdata, a point of a trace has come to pass; undefined
// where a trace does not grow with time.
export const lagOf = ({ meta }) => meta?.grows;

// The update from which on a cursor has no place in a trace; null where there is none.
export const untilOf = ({ meta }) => meta?.until ?? null;

// The name in which a label says that a path ends at the last one of its exits; null where it does not.
export const leftOf = ({ meta }) => meta?.left ?? null;

// Whether a trace leaves out updates, so that a cursor stays at the last one that it has.
export const isThinned = ({ meta }) => Boolean(meta?.thinned);

// Whether the only point of a trace is the start, which can be dragged.
export const isStart = ({ meta }) => Boolean(meta?.start);

// Whether the markers of a trace in space are drawn once more, over all that could hide them.
export const isAbove = ({ meta }) => Boolean(meta?.above);

// How the canvas draws what moves with time: rows of customdata are an update, all x, all y. Null where nothing moves.
export const movesOf = ({ meta }) =>
  meta?.moves ? { count: meta.moves, color: meta.color, rim: meta.rim, hasTip: Boolean(meta.arrow) } : null;

// How points light up that have the same id in the traces of one link: a line leads from the tail, if there is one.
// Null where none do.
export const linkOf = ({ meta }) => (meta?.link ? { link: meta.link, light: meta.light, tail: meta.tail } : null);

// How a trace follows the hand: {rows, program, table, update, updates, run, sizes, exitMarker, levels, look, goal, lift,
// numbers} as Python's figures.meta says. Null where it does not.
export const followsOf = ({ meta }) => meta?.follows ?? null;

// The inputs of which one has to move for a trace to wait for the server, which alone can draw it anew; any where there
// are none. Null where it does not wait.
export const waitsFor = ({ meta }) => meta?.waits ?? null;

// The arrows of a flat picture that follow the hand: of each {rows, run, program, update, color}.
export const arrowsOf = ({ meta }) => meta?.arrows ?? [];

// Marks of a run, each of which comes to pass at its update.
export const ofMoments = (run) => ({ meta: { run, grows: 0 } });

// The same trace with other numbers of its program.
export const numbered = (trace, numbers) =>
  ({ ...trace, meta: { ...trace.meta, follows: { ...followsOf(trace), numbers } } });

// The same trace with another `left`, or another `until`.
export const leaving = (trace, left) => ({ ...trace, meta: { ...trace.meta, left } });
export const ending = (trace, until) => ({ ...trace, meta: { ...trace.meta, until } });
