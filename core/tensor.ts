/** Host tensors: dtype, shape and a typed array. Knows neither graphs nor devices. */

export const dtypes = ['float32', 'float16', 'int32', 'int64', 'bool'] as const;
export type DType = (typeof dtypes)[number];
/** IEEE 754's binary32 and binary16. */
export type Floating = 'float32' | 'float16';

export interface DataOf {
  float32: Float32Array;
  /** Bit patterns, as JavaScript has no such numbers yet: `half-precision.ts` turns them into float32 and back. */
  float16: Uint16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  /** 0 or 1 a byte. */
  bool: Uint8Array;
}

export type Shape = readonly number[];

/** Row-major values on the host; `data.length` is the product of `shape`. */
export interface HostTensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: DataOf[D];
}

export function isFloating({ dtype }: { readonly dtype: DType }): boolean {
  return dtype === 'float32' || dtype === 'float16';
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Wraps values without copying. @throws RangeError when the length does not fit the shape. */
export function hostTensor<D extends DType>(dtype: D, shape: Shape, data: DataOf[D]): HostTensor<D> {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `hostTensor: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], got ${data.length}`,
    );
  }
  return { dtype, shape, data };
}
