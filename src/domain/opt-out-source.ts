/** How an opt-out came to be: a reply, a person, or the web app. */
export type OptOutSource = 'keyword' | 'operator' | 'api';
