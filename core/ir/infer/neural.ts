/** Inference for matrix products and normalisation. */

import type { Shape } from '../../tensor.js';
import { ShapeError } from '../errors.js';
import { broadcastShapes, sameShape, showShape, sizeAt, withSize } from '../shapes.js';
import type { Rule } from './rule.js';
import { floats, needDType, needSame } from './rule.js';

export const matMul: Rule<'MatMul'> = ([a, b], { transA, transB }) => {
  needDType('matMul', a, floats);
  needSame('matMul', a, b);
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new ShapeError('matMul', 'operands of rank 2 or more', `${showShape(a.shape)} × ${showShape(b.shape)}`);
  }
  const [rows, innerA] = lastTwo(a.shape, transA);
  const [innerB, columns] = lastTwo(b.shape, transB);
  if (innerA !== innerB) {
    const transposed = [transA ? 'transA' : '', transB ? 'transB' : ''].filter(Boolean).join(', ');
    const note = transposed ? ` with ${transposed}` : '';
    throw new ShapeError('matMul', 'inner sizes to match', `${showShape(a.shape)} × ${showShape(b.shape)}${note}`);
  }
  const batch = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
};

function lastTwo(shape: Shape, swap: boolean): readonly [number, number] {
  const rows = sizeAt(shape, shape.length - 2);
  const columns = sizeAt(shape, shape.length - 1);
  return swap ? [columns, rows] : [rows, columns];
}

/** The result, and the share of x that it is. */
export const gelu: Rule<'Gelu'> = ([x]) => {
  needDType('gelu', x, floats);
  return [
    { dtype: x.dtype, shape: x.shape },
    { dtype: x.dtype, shape: x.shape },
  ];
};

export const layerNorm: Rule<'LayerNormalization'> = ([x, scale, bias]) => {
  needDType('layerNorm', x, floats);
  const width = sizeAt(x.shape, x.shape.length - 1);
  for (const parameter of [scale, bias]) {
    needSame('layerNorm', x, parameter);
    if (!sameShape(parameter.shape, [width])) {
      throw new ShapeError('layerNorm', `scale and bias of shape [${width}]`, showShape(parameter.shape));
    }
  }
  const statistics = { dtype: x.dtype, shape: withSize(x.shape, x.shape.length - 1, 1) };
  return [{ dtype: x.dtype, shape: x.shape }, statistics, statistics];
};
