/** Gradients of tensor programs. Knows no backend. */

export { NotDifferentiableError } from './errors.js';
export { gradients, pullback } from './gradients.js';
export type { Seed } from './rule.js';
