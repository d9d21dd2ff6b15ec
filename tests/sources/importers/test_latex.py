"""LaTeX in titles and names is read as it is printed."""

import pytest

from sources.importers.latex import decode


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Stored at 4\,$^\circ$C or 20$^{\circ}$C", "Stored at 4 °C or 20°C"),
        (r"Was $p < 0.05$? It cost $5 to $10", "Was p < 0.05? It cost $5 to $10"),
        (r"Low-$T_c$ films, $\alpha_{max}$, H$^+$ and $2^n$ or $2^N$", "Low-Tc films, αₘₐₓ, H⁺ and 2ⁿ or 2^N"),
        (r"At $25\,^\circ\mathrm{C}$ and\hspace{2pt} $\alpha\mathrm{max}$", "At 25 °C and αmax"),
        (r"Le 4$^{\textrm{\`eme}}$ congr\`es", "Le 4ème congrès"),
        (r"On \mkbibquote{sleep} and \enquote{\mkbibemph{rest}}", "On “sleep” and “rest”"),
        (r"The \TeX{} guide\;for \ocirc{u} and \textcommabelow{s}", "The TeX guide for ů and ș"),
        (r"Of \{\{\vphantom{\}\}}{{Rest}}\vphantom\{\}\vphantom\{\}", "Of {{Rest}}"),
        (r"The 5\(^{\mbox{th}}\) night at 2\(\mathrm{\mu}\)g", "The 5th night at 2μg"),
        (r"For $ m $ nights in $L\sp 2$ and $H\sb {n}$", "For m nights in L² and Hₙ"),
        (r"{\noopsort{Elm}}{de Elm} and \SortNoop{1}Oak", "de Elm and Oak"),
        (r"\t{ia}kov and Gol\cprime d", "i͡akov and Golʹd"),
        (r"\begin{it}Rest\end{it}", "Rest"),
        ("School of Rest, % of the old campus\n  Leeds; 50\\% of it", "School of Rest,  Leeds; 50% of it"),
    ],
)
def test_latex_is_read_as_it_is_printed(latex, text):
    assert decode(latex) == text
