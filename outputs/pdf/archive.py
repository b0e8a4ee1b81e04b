"""One file that is PDF/A-3a and PDF/UA-1 at once, with the data of the version inside.

WeasyPrint declares one standard in the metadata of a file. What both ask for it does anyway with tags on, so the second is
declared here: the identification of PDF/UA together with the schema that PDF/A wants for it, in metadata that is not
compressed, as PDF/A wants as well.
"""

import io

from ..formats.data import version_data
from ..models import OutputVersion

VARIANT = "pdf/a-3a"
UA_IDENTIFICATION = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
    b' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfuaid:part>1</pdfuaid:part>'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>'
    b"<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>"
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"
)


def data_attached(version: OutputVersion):
    """The canonical JSON of the version as an attachment; its moment is that of the version, so that files repeat."""
    from weasyprint import Attachment

    return Attachment(
        file_obj=io.BytesIO(version_data(version)),
        name="data.json",
        description="The content of this version as data (twinning-output)",
        created=version.submitted_at,
        modified=version.submitted_at,
        relationship="Source",
    )


def declare_ua(document, pdf) -> None:
    """A finisher for WeasyPrint: the same file is PDF/UA-1 too."""
    reference = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[reference]
    metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", UA_IDENTIFICATION, 1)]
    metadata.compress = False
