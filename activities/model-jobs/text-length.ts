/** Whether a model has positions for the texts that a setting asks for. */

import type { Gpt2Config } from '../../core/nn/index.js';

/** A text of prompt and new tokens is longer than the model can read. */
export class TextLengthError extends Error {
  override readonly name = 'TextLengthError';
  constructor(
    /** That gives the number of new tokens. */
    readonly setting: string,
    readonly room: number,
    { numPositions }: Pick<Gpt2Config, 'numPositions'>,
    promptTokens: number,
    readonly newTokens: number,
  ) {
    super(
      `${setting}: expected at most ${room}, as the model has ${numPositions} positions (n_positions) and a prompt takes ` +
        `${promptTokens} of them, got ${newTokens}; lower it, shorten the prompts or choose a model with more positions`,
    );
  }
}

/** The last new token needs no position, as nothing follows it. @throws TextLengthError */
export function checkTextLength(
  setting: string,
  config: Pick<Gpt2Config, 'numPositions'>,
  { promptTokens, newTokens }: { readonly promptTokens: number; readonly newTokens: number },
): void {
  const room = config.numPositions - promptTokens + 1;
  if (newTokens > room) throw new TextLengthError(setting, room, config, promptTokens, newTokens);
}
