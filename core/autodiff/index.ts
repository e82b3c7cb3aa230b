/** Gradients of tensor programs. Knows no backend. */

export { NotDifferentiableError } from './errors.js';
export type { Seed } from './gradients.js';
export { gradients, pullback } from './gradients.js';
