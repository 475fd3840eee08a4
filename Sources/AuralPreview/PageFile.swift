import FlyingFox
import Foundation

/// The page's files, which are part of the program.
struct PageFile: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    static let all = [
        PageFile(path: "/", type: "text/html; charset=utf-8", bytes: PackageResources.page_html),
        PageFile(path: "/page.css", type: "text/css; charset=utf-8", bytes: PackageResources.page_css),
        PageFile(path: "/icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        script("page", PackageResources.page_js), script("daemon", PackageResources.daemon_js), script("view", PackageResources.view_js),
        script("masks", PackageResources.masks_js), script("objects", PackageResources.objects_js),
        script("pointing", PackageResources.pointing_js), script("sound", PackageResources.sound_js),
    ]

    private static func script(_ name: String, _ bytes: [UInt8]) -> PageFile {
        PageFile(path: "/\(name).js", type: "text/javascript; charset=utf-8", bytes: bytes)
    }

    var response: HTTPResponse { HTTPResponse(statusCode: .ok, headers: PreviewServer.headers(type: type), body: Data(bytes)) }
}
