/** The page of `heddle serve`. */
import { render } from 'preact';
import '../shared/theme.css';

const root = document.getElementById('page');
if (root) render(<main>Heddle</main>, root);
