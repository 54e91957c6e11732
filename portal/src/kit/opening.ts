/** Asking for a rendered file until it is there: rendering is a step of its own and takes a moment. */
import { Refused } from '../api/problem';

const TRIES = 60;
const EVERY_MS = 1000;

/** `read` answers the link, or is refused with a conflict while the file is being rendered. */
export async function whenRendered<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409 || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
