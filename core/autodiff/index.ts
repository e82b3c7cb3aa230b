/** Gradients of tensor programs. Knows no backend. */

export { NotDifferentiableError } from './errors.js';
export { gradients } from './gradients.js';
