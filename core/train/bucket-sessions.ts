/** Sessions opened when first asked for and kept, one a length bucket. Knows no program. */

import type { Session } from '../backends/index.js';
import type { Signature } from '../ir/index.js';

type AnySession = Session<Signature, Signature>;

export class BucketSessions {
  readonly #sessions = new Map<number, AnySession>();

  /** The session for texts of `tokens` tokens, or the one that `open` gives, which is kept from then on. */
  async get(tokens: number, open: () => Promise<AnySession>): Promise<AnySession> {
    const known = this.#sessions.get(tokens);
    if (known) return known;
    const session = await open();
    this.#sessions.set(tokens, session);
    return session;
  }

  /** Releases all of them; a later `get` opens anew. */
  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }
}
