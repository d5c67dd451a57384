// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

/** Answers may come in another order than they were asked for; an older one never replaces a newer. */
export class Latest {
  #asked = 0;

  /** What `read` answers or throws goes to `tell`, unless something newer has come meanwhile. */
  async ask<T>(read: () => Promise<T>, tell: (answer: () => T) => void): Promise<void> {
    const mine = this.supersede();
    let answer: () => T;
    try {
      const value = await read();
      answer = () => value;
    } catch (problem) {
      answer = () => {
        throw problem;
      };
    }
    if (mine === this.#asked) tell(answer);
  }

  /** What is still on its way no longer counts. */
  supersede(): number {
    this.#asked += 1;
    return this.#asked;
  }
}
