/** What the HTML report inlines: `heddleViewer.mount(element, data)`. */
import '../shared/theme.css';
import './viewer.css';

export { mount } from './mount.jsx';
