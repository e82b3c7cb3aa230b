/** Where the names of dots stand, so that they cover neither one another nor a dot. Knows pixels, no figures. */
import { textWidth } from './text-width.js';

export interface NamedDot {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedLabel {
  readonly anchor: 'start' | 'middle' | 'end';
  readonly x: number;
  /** Of its middle. */
  readonly y: number;
  readonly box: Box;
  /** Where a line from the dot ends, for a name that does not stand beside it. */
  readonly leader?: Place;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Half of a dot in either direction: a diamond of radius 5 and its stroke. */
const DOT = { width: 6, height: 9.5 };
const HALF_LINE = 9;
/** From the middle of a dot to a name beside, above or below it. */
const BESIDE = { x: 9, y: 19 };
/** Further places lie on rings around the dot, so far from one another and at most so many. */
const RING = 9;
const RINGS = 24;
const DIRECTIONS = 16;
/** Between names on one line, so that two are not read as one. */
const GAP = 6;
/** By so much a name is nearer to its dot than to others, or it has a line. */
const CLEARLY = 2;
/** A name further than this from its dot has a line. */
const NEAR = 12;

interface Placed {
  readonly dot: NamedDot;
  readonly label: PlacedLabel;
}

/**
 * A place for each name, in the order of the dots: the first that is free of right, left, above and below, then of places
 * further away with a line; undefined where none is. The first dots choose first.
 * @param frame what names stay inside of
 */
export function placeLabels(dots: readonly NamedDot[], frame: Box): (PlacedLabel | undefined)[] {
  const placed: Placed[] = [];
  const covered = dots.map(boxOf);
  const isFree = ({ box }: PlacedLabel): boolean =>
    contains(frame, box) &&
    !covered.some((other) => meet(box, other)) &&
    !placed.some(({ label }) => meet(widened(box), label.box));
  return dots.map((dot) => {
    const label = firstClear(dot, candidates(dot, frame), isFree, dots, placed);
    if (label) placed.push({ dot, label });
    return label;
  });
}

/** The first free place that nobody takes for another dot's, else the first with a line, which in a crowd runs behind others. */
function firstClear(
  dot: NamedDot,
  places: Iterable<PlacedLabel>,
  isFree: (label: PlacedLabel) => boolean,
  dots: readonly NamedDot[],
  placed: readonly Placed[],
): PlacedLabel | undefined {
  let crowded: PlacedLabel | undefined;
  for (const label of places) {
    if (!isFree(label)) continue;
    if (isClear({ dot, label }, dots, placed)) return label;
    if (label.leader) crowded ??= label;
  }
  return crowded;
}

/** Nearest first. */
function* candidates(dot: NamedDot, frame: Box): Generator<PlacedLabel> {
  const width = textWidth(dot.name);
  yield labelAt(dot, width, BESIDE.x, 0, frame);
  yield labelAt(dot, width, -BESIDE.x, 0, frame);
  yield labelAt(dot, width, 0, -BESIDE.y, frame);
  yield labelAt(dot, width, 0, BESIDE.y, frame);
  for (let ring = 1; ring <= RINGS; ring++) {
    const reach = BESIDE.y + RING * ring;
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      const angle = (2 * Math.PI * direction) / DIRECTIONS;
      yield labelAt(dot, width, reach * Math.cos(angle), reach * Math.sin(angle), frame);
    }
  }
}

function labelAt(dot: Place, width: number, dx: number, dy: number, frame: Box): PlacedLabel {
  const y = dot.y + dy;
  // Straight above or below a name is centred, but moved aside where it would leave the frame.
  const anchor = Math.abs(dx) < 1 ? 'middle' : dx > 0 ? 'start' : 'end';
  const x = anchor === 'middle' ? clamp(dot.x, frame.left + width / 2, frame.right - width / 2) : dot.x + dx;
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  const box = { left, right: left + width, top: y - HALF_LINE, bottom: y + HALF_LINE };
  return { anchor, x, y, box, ...(distance(box, dot) > NEAR ? { leader: nearestOf(box, dot) } : {}) };
}

/** Whether nobody could take it for the name of another dot: none is as near, and no line runs through dots or names. */
function isClear({ dot, label }: Placed, dots: readonly NamedDot[], placed: readonly Placed[]): boolean {
  const { box, leader } = label;
  if (placed.some((other) => runsThrough(other, box))) return false;
  if (!leader)
    return dots.every((other) => samePlace(other, dot) || distance(box, dot) + CLEARLY < distance(box, other));
  return (
    !dots.some((other) => !samePlace(other, dot) && runsThrough({ dot, label }, coreOf(other, dot))) &&
    !placed.some((other) => runsThrough({ dot, label }, other.label.box))
  );
}

function runsThrough({ dot, label: { leader } }: Placed, box: Box): boolean {
  return leader !== undefined && passes(dot, leader, box);
}

function samePlace(a: Place, b: Place): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < 2;
}

/** What a line from a dot must keep clear of: the whole of another dot, or the middle of one that touches it. */
function coreOf(other: Place, dot: Place): Box {
  const box = boxOf(other);
  if (!meet(box, boxOf(dot))) return box;
  const half = Math.hypot(other.x - dot.x, other.y - dot.y) / 2;
  return { left: other.x - half, right: other.x + half, top: other.y - half, bottom: other.y + half };
}

function boxOf({ x, y }: Place): Box {
  return { left: x - DOT.width, right: x + DOT.width, top: y - DOT.height, bottom: y + DOT.height };
}

function widened({ left, right, ...rest }: Box): Box {
  return { left: left - GAP, right: right + GAP, ...rest };
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether the line between two places enters a box. Liang & Barsky 1984: the shares of it between both pairs of sides overlap. */
function passes(from: Place, to: Place, { left, right, top, bottom }: Box): boolean {
  const [enterX, leaveX] = sharesBetween(from.x, to.x, left, right);
  const [enterY, leaveY] = sharesBetween(from.y, to.y, top, bottom);
  return Math.max(0, enterX, enterY) < Math.min(1, leaveX, leaveY);
}

/** From where to where, as shares of the way, a walk from one number to another is between two bounds. */
function sharesBetween(from: number, to: number, low: number, high: number): readonly [number, number] {
  if (from === to) return from > low && from < high ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const [a, b] = [(low - from) / (to - from), (high - from) / (to - from)];
  return [Math.min(a, b), Math.max(a, b)];
}

function nearestOf({ left, right, top, bottom }: Box, { x, y }: Place): Place {
  return { x: clamp(x, left, right), y: clamp(y, top, bottom) };
}

function distance(box: Box, place: Place): number {
  const { x, y } = nearestOf(box, place);
  return Math.hypot(x - place.x, y - place.y);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
