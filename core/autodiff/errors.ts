/** Problems of differentiation. */

/** An op on the way from the loss to a parameter has no gradient. */
export class NotDifferentiableError extends Error {
  override readonly name = 'NotDifferentiableError';
  constructor(
    readonly op: string,
    readonly advice: string,
  ) {
    super(`gradients: ${op} cannot be differentiated; ${advice}`);
  }
}
