/** What a status code means for a page of a source. Knows no bodies. */

import { ArticleMissingError, HttpStatusError, LoginRequiredError } from './errors.js';
import type { HttpResponse } from './http.js';

/** @throws LoginRequiredError (401, 403), ArticleMissingError (404, 410; single pages only), HttpStatusError */
export function requireOk({ status, url }: HttpResponse, page: 'single' | 'list'): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw new LoginRequiredError(url, `status ${status}`, page === 'single');
  if (page === 'single' && (status === 404 || status === 410)) throw new ArticleMissingError(url, `status ${status}`);
  throw new HttpStatusError(url, status);
}
