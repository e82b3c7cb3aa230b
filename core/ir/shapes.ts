/** Arithmetic on shapes: broadcasting, axes, products. Knows no op. */

import type { Shape } from '../tensor.js';
import { ShapeError } from './errors.js';

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Size along an axis that is known to exist; 1 beyond the rank, as broadcasting counts. */
export function sizeAt(shape: Shape, axis: number): number {
  return shape[axis] ?? 1;
}

/** NumPy's broadcasting of two shapes. @throws ShapeError */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = sizeAt(a, axis - rank + a.length);
    const right = sizeAt(b, axis - rank + b.length);
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(where, 'shapes that broadcast', `${showShape(a)} and ${showShape(b)}`);
    }
    return left === 1 ? right : left;
  });
}

/** Whether repeating axes of size 1 and adding leading ones turns one shape into the other. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((size, axis) => size === 1 || size === to[axis + lead]);
}

/** Turns an axis counted from the end (−1 the last) into one counted from the front. @throws ShapeError */
export function normalAxis(where: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(normal) || normal < 0 || normal >= rank) {
    throw new ShapeError(where, `an axis of a tensor of rank ${rank}`, String(axis));
  }
  return normal;
}

/** Ascending normal axes. @throws ShapeError on a wrong or repeated axis */
export function normalAxes(where: string, axes: readonly number[], rank: number): readonly number[] {
  const normal = axes.map((axis) => normalAxis(where, axis, rank)).sort((a, b) => a - b);
  if (new Set(normal).size !== normal.length) throw new ShapeError(where, 'axes that differ', `[${axes.join(', ')}]`);
  return normal;
}

/** The shape with one size replaced. */
export function withSize(shape: Shape, axis: number, size: number): Shape {
  return shape.map((old, index) => (index === axis ? size : old));
}

/** The shape after a reduction over normal axes. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return shape.filter((_, axis) => !axes.includes(axis));
}
