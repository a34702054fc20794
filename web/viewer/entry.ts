/** What the HTML report inlines: `heddleViewer.mount(element, data)`, `heddleViewer.mountAll()`. */
import '../shared/theme.css';

export { mount, mountAll } from './mount.jsx';
