/** Pictures that open in a viewer – larger, turned, one after the other –, by keyboard, too. */
import { LeftOutlined, RightOutlined, RotateLeftOutlined, RotateRightOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons';
import { Button, Image, Space } from 'antd';
import { cloneElement, type ImgHTMLAttributes, type ReactElement, type ReactNode } from 'react';
import { useT } from '../i18n';

/** Around `Image`s of these names, in their order: each opens the viewer, which goes from one to the next. */
export function Viewer({ names, children }: { names: string[]; children: ReactNode }) {
  const t = useT();
  return (
    <Image.PreviewGroup
      preview={{
        // The picture of a group has no name of its own in there.
        imageRender: (picture, { current }) => cloneElement(picture as ReactElement<ImgHTMLAttributes<HTMLImageElement>>, { alt: names[current] ?? '' }),
        actionsRender: (_, { actions, current, total }) => {
          const tool = (label: string, icon: ReactNode, act: () => void, disabled = false) => (
            <Button type="text" className="on-dark" icon={icon} aria-label={label} title={label} disabled={disabled} onClick={act} />
          );
          return (
            <Space className="viewer-tools">
              {total > 1 && tool(t('上一张'), <LeftOutlined aria-hidden />, () => actions.onActive(-1), current === 0)}
              {total > 1 && tool(t('下一张'), <RightOutlined aria-hidden />, () => actions.onActive(1), current === total - 1)}
              {tool(t('向左旋转'), <RotateLeftOutlined aria-hidden />, actions.onRotateLeft)}
              {tool(t('向右旋转'), <RotateRightOutlined aria-hidden />, actions.onRotateRight)}
              {tool(t('缩小'), <ZoomOutOutlined aria-hidden />, actions.onZoomOut)}
              {tool(t('放大'), <ZoomInOutlined aria-hidden />, actions.onZoomIn)}
            </Space>
          );
        },
      }}
    >
      {children}
    </Image.PreviewGroup>
  );
}
